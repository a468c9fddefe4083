/** Something asked of the server while a component stands: the answer, the problem, and asking again. */
import type { Operation, RouteAnswer } from "@damso/protocol/http/routes";
import { useEffect, useState } from "preact/hooks";
import { Refused } from "./api.ts";
import { problemOf, useDesk, useWords } from "./context.ts";

export type Asked<K extends Operation> = {
  answer: RouteAnswer<K> | undefined;
  problem: string;
  again: () => Promise<void>;
};

/** Asked anew when `path` changes; an answer that comes after a newer question is dropped. */
export function useAsked<K extends Operation>(path: string): Asked<K> {
  const { api, left } = useDesk();
  const words = useWords();
  const [answer, setAnswer] = useState<RouteAnswer<K> | undefined>(undefined);
  const [error, setError] = useState<unknown>(undefined);
  const ask = async (isWanted: () => boolean): Promise<void> => {
    try {
      const next = await api.ask<RouteAnswer<K>>("GET", path);
      if (!isWanted()) return;
      setAnswer(next);
      setError(undefined);
    } catch (failure) {
      if (failure instanceof Refused && failure.code === "unauthenticated") left();
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
