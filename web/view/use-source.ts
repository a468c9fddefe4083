import { useEffect, useState } from "preact/hooks";
import { useHome } from "./app-context.ts";

type Source = {
  /** Undefined until it is known, and when there is none. */
  url: string | undefined;
  /** The browser did not get it. The session may have run out: it is renewed, and the address asked once more. */
  retry: () => void;
};

/** Where the browser finds an uploaded file. */
export function useSource(id: string): Source {
  const { api } = useHome().context;
  const [url, setUrl] = useState(() => api.addressOf(id));
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let wanted = true;
    const show = (next: string): void => void (wanted && setUrl(next));
    if (api.addressOf(id) === undefined) api.load(id).then(show, () => {});
    return () => {
      wanted = false;
    };
  }, [api, id]);
  return {
    url: tries > 1 ? undefined : url,
    retry: () => {
      setTries(tries + 1);
      const address = api.addressOf(id);
      if (tries > 0) return;
      // What was loaded may have been let go before it was drawn.
      const found =
        address === undefined ? api.load(id) : api.renew().then(() => `${address}?again`);
      found.then(setUrl, () => {});
    },
  };
}
