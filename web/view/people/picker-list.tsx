import type { Profile } from "@damso/sdk";
import type { ComponentChildren, VNode } from "preact";
import type { Picker } from "../../model/picker.ts";
import type { Relation } from "../../model/relations.ts";
import { useStrings } from "../app-context.ts";
import { Icon } from "../icons.tsx";
import { Failed, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";
import { PersonLine } from "./person-line.tsx";
import { SearchField } from "./search-field.tsx";

type Props = {
  picker: Picker;
  contacts: Relation;
  label: string;
  first?: boolean;
  /** Marks those who were picked, and lets them be picked again. */
  many?: boolean;
  /** Stands before the list until something is typed. */
  between?: ComponentChildren;
  /** What stands in place of a list without anybody. */
  empty: ComponentChildren;
  onPick: (profile: Profile) => void;
};

/** A field and those who match; an unknown username can be looked up. */
export function PickerList(props: Props): VNode {
  const { picker, contacts, label, first, between, onPick } = props;
  async function find(): Promise<void> {
    const profile = await picker.find();
    if (profile) onPick(profile);
  }
  const [only] = picker.matches.value.length === 1 ? picker.matches.value : [];
  return (
    <>
      <SearchField
        label={label}
        value={picker.typed.value}
        first={first === true}
        onInput={picker.type}
        onEnter={() => {
          if (picker.unknown.peek() !== undefined) void find();
          else if (only) onPick(only);
        }}
      />
      <Lookup picker={picker} onFind={() => void find()} />
      {picker.typed.value === "" && between}
      {contacts.failed.value ? (
        <Failed onRetry={() => void contacts.load()} />
      ) : (
        <Matches {...props} />
      )}
    </>
  );
}

function Lookup({ picker, onFind }: { picker: Picker; onFind: () => void }): VNode {
  const strings = useStrings();
  const words = useScreens().people;
  const unknown = picker.unknown.value;
  return (
    <>
      {unknown !== undefined && (
        <button type="button" class="item lookup" onClick={onFind}>
          <Icon name="userPlus" />
          <span class="item-name">{words.find(unknown)}</span>
        </button>
      )}
      <p class="problem" role="alert">
        {picker.missing.value !== "" && strings.nobodyFound(picker.missing.value)}
      </p>
    </>
  );
}

function Matches({ picker, contacts, many, empty, onPick }: Props): VNode | null {
  const matches = picker.matches.value;
  if (contacts.list.value === undefined && matches.length === 0) return <Skeleton rows={4} faces />;
  if (matches.length === 0) return picker.typed.value === "" ? <>{empty}</> : null;
  return (
    <ul class="section-box">
      {matches.map((profile) => {
        const { user_id, name, username } = profile;
        const line = <PersonLine user_id={user_id} name={name} under={`@${username}`} />;
        return (
          <li key={user_id}>
            {many === true ? (
              <label class="item">
                {line}
                <input
                  type="checkbox"
                  class="check"
                  checked={picker.isPicked(user_id)}
                  onChange={() => onPick(profile)}
                />
              </label>
            ) : (
              <button type="button" class="item" onClick={() => onPick(profile)}>
                {line}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
