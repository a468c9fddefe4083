import { useEffect, useState } from "preact/hooks";
import type { Context } from "../../model/context.ts";
import type { Relation } from "../../model/relations.ts";
import { createRelations } from "../../model/relations.ts";
import type { Report } from "../../model/report.ts";

/** One's friends, loaded at once and kept up to date while this is shown. */
export function useContacts(context: Context, report: Report): Relation {
  const [{ contacts, stop }] = useState(() => createRelations(context, report));
  useEffect(() => {
    void contacts.load();
    return stop;
  }, [contacts, stop]);
  return contacts;
}
