/** Something asked of the server while a component stands: the answer, the problem, and asking again. */
import { useEffect, useState } from "preact/hooks";
import { problemOf, useDesk, useWords } from "./context.ts";

export type Asked<T> = {
  answer: T | undefined;
  problem: string;
  again: () => Promise<void>;
};

/** Asked anew when `path` changes; an answer that comes after a newer question is dropped. */
export function useAsked<T>(path: string): Asked<T> {
  const { api, left } = useDesk();
  const words = useWords();
  const [answer, setAnswer] = useState<T | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const ask = async (isWanted: () => boolean): Promise<void> => {
    try {
      const next = await api.ask<T>("GET", path);
      if (!isWanted()) return;
      setAnswer(next);
      setError(undefined);
    } catch (failure) {
      if ((failure as { code?: unknown }).code === "unauthenticated") left();
      else if (isWanted()) setError(failure);
    }
  };
  useEffect(() => {
    let isWanted = true;
    void ask(() => isWanted);
    return () => {
      isWanted = false;
    };
  }, [path]);
  return {
    answer,
    problem: error === undefined ? "" : problemOf(words, error),
    again: () => ask(() => true),
  };
}
