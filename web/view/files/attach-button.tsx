import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { useStrings } from "../app-context.ts";
import { lazily } from "../lazy.tsx";

const SendFiles = lazily(() => import("../screens.ts").then((m) => m.SendFiles));

/** Chooses files; they can also be dropped on the chat or pasted into it. */
export function AttachButton({ chat }: { chat: Chat }): VNode {
  const strings = useStrings();
  const input = useRef<HTMLInputElement>(null);
  const [files, setFiles] = useState<readonly File[]>();
  useEffect(() => watchFiles(input.current?.closest("main"), setFiles), []);
  return (
    <>
      <button
        type="button"
        class="round attach"
        aria-label={strings.attach}
        title={strings.attach}
        onClick={() => input.current?.click()}
      >
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M19 11.500l-7 7a4.500 4.500 0 0 1-6.400-6.400l7.500-7.500a3 3 0 0 1 4.300 4.300L10 16.200a1.500 1.500 0 0 1-2.100-2.100l6.600-6.600" />
        </svg>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        class="hidden"
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ currentTarget }) => {
          setFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
      {files && files.length > 0 && (
        <SendFiles chat={chat} files={files} onClose={() => setFiles(undefined)} />
      )}
    </>
  );
}

/** Files that are dropped on the chat or pasted into it; the answer ends it. */
function watchFiles(
  chat: HTMLElement | null | undefined,
  take: (files: readonly File[]) => void,
): (() => void) | undefined {
  if (!chat) return undefined;
  const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes("Files") === true;
  const over = (event: DragEvent): void => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    chat.classList.toggle("dropping", event.type === "dragover");
  };
  const drop = (event: DragEvent): void => {
    over(event);
    if (hasFiles(event.dataTransfer)) take([...(event.dataTransfer?.files ?? [])]);
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  };
  const listeners = { dragover: over, dragleave: over, drop, paste };
  for (const [name, run] of Object.entries(listeners))
    chat.addEventListener(name, run as EventListener);
  return () => {
    for (const [name, run] of Object.entries(listeners))
      chat.removeEventListener(name, run as EventListener);
  };
}
