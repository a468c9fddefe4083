import type { AccountModel } from "../../model/account.ts";
import type { Relations } from "../../model/relations.ts";
import type { Report } from "../../model/report.ts";

export type Page =
  | "profile"
  | "look"
  | "language"
  | "notifications"
  | "privacy"
  | "devices"
  | "data"
  | "keys"
  | "account"
  | "about";

export type PageProps = {
  account: AccountModel;
  relations: Relations;
  report: Report;
  onPage: (page: Page) => void;
  /** Closes all of it. */
  onClose: () => void;
};
