/** The screens around people, settings and log-in codes: one part of the page, fetched when the first of them is shown. */
import "./first.ts";
import "./late-icons.ts";
import "./parts/glyphs.ts";

export { Begin } from "./arrival/begin.tsx";
export { Invitation } from "./arrival/invitation.tsx";
export { ByCode } from "./by-code.tsx";
export { SendFiles } from "./files/send-files.tsx";
export { Viewer } from "./files/viewer.tsx";
export { ChatInfo } from "./people/chat-info.tsx";
export { People } from "./people/people.tsx";
export { Settings } from "./settings/settings.tsx";
