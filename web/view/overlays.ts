/** What lies over the chats now and then: one part of the page, fetched when the first of it is shown. */
import "./first.ts";
import "./late-icons.ts";
import "./parts/glyphs.ts";

export { EmojiPicker } from "./emoji-picker.tsx";
export { Forward } from "./forward.tsx";
export { HintCard } from "./host/hint-card.tsx";
export { Readers } from "./readers.tsx";
export { RowMenu } from "./row-menu.tsx";
export { SearchPanel } from "./search-panel.tsx";
export { Switcher } from "./switcher.tsx";
