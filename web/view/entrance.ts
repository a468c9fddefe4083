/** What somebody sees who is not signed in: one part of the page. */
export { AccountForm } from "./account-form.tsx";
export { Demo, DemoOver } from "./demo.tsx";
export { Welcome } from "./welcome.tsx";
