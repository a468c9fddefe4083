/** What somebody sees who is not signed in: one part of the page. */
import "./first.ts";

export { AccountForm } from "./account-form.tsx";
export { Demo, DemoOver } from "./demo.tsx";
export { Welcome } from "./welcome.tsx";
