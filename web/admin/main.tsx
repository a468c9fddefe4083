/** The page for operators. */
import { render } from "preact";

const root = document.getElementById("app");
if (root === null) throw new Error("admin.html has no #app");
render("", root);
