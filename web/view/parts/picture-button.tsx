import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import type { Picked } from "../../model/api.ts";
import { toSquare } from "../files/prepare.ts";
import { Avatar } from "../avatar.tsx";
import { Icon } from "../icons.tsx";

type Props = {
  id: string;
  name: string;
  group?: boolean;
  label: string;
  busy?: boolean;
  /** What was chosen and is not stored yet. */
  preview?: string | undefined;
  /** Undefined when what was chosen is no picture. */
  onPick: (file: Picked | undefined) => void;
};

/** A face that can be pressed to choose a picture for it. */
export function PictureButton(props: Props): VNode {
  const { id, name, group, label, busy, preview, onPick } = props;
  const input = useRef<HTMLInputElement>(null);
  async function take(file: File | undefined): Promise<void> {
    if (file) onPick(await toSquare(file).catch(() => undefined));
    if (input.current) input.current.value = "";
  }
  return (
    <span class="picture">
      <button
        type="button"
        class="picture-button"
        title={label}
        aria-busy={busy === true}
        onClick={() => input.current?.click()}
      >
        {preview === undefined ? (
          <Avatar id={id} name={name} group={group === true} large />
        ) : (
          <span class="avatar large">
            <img src={preview} alt="" />
          </span>
        )}
        <span class="hidden">{label}</span>
        <span class="picture-mark">
          <Icon name="camera" />
        </span>
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        class="hidden"
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
    </span>
  );
}
