import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { exportAll } from "../../model/export.ts";
import { sizeText } from "../../model/size.ts";
import { useApp, useHome, useLocale } from "../app-context.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";
import { saveFile } from "../files/save.ts";
import type { PageProps } from "./pages.ts";

export function DataPage({ report }: PageProps): VNode {
  const words = useScreens().data;
  const { app } = useApp();
  const [clearing, setClearing] = useState(false);
  return (
    <>
      <Section title={words.storage} hint={words.storageHint}>
        <Usage />
        <Row icon="bin" title={words.clear} danger onClick={() => setClearing(true)} />
      </Section>
      <Export report={report} />
      {clearing && (
        <Confirm
          title={words.clearSure}
          text={words.clearText}
          button={words.clear}
          danger
          onConfirm={() => void app.logOut()}
          onClose={() => setClearing(false)}
        />
      )}
    </>
  );
}

/** What this page occupies of the browser's storage, as the browser tells it. */
function Usage(): VNode {
  const words = useScreens().data;
  const locale = useLocale();
  const [bytes, setBytes] = useState<number | undefined | "asking">("asking");
  useEffect(() => {
    // Browsers tell only pages that came safely.
    if (!("storage" in navigator)) return setBytes(undefined);
    navigator.storage.estimate().then(
      ({ usage }) => setBytes(usage),
      () => setBytes(undefined),
    );
  }, []);
  if (bytes === "asking") return <p class="item">&nbsp;</p>;
  const text = bytes === undefined ? words.unknown : words.used(sizeText(bytes, locale));
  return <p class="item">{text}</p>;
}

function Export({ report }: Pick<PageProps, "report">): VNode {
  const { context } = useHome();
  const words = useScreens().data;
  const [count, setCount] = useState<number>();
  const [state, setState] = useState<"ready" | "busy" | "done">("ready");

  async function start(): Promise<void> {
    setState("busy");
    setCount(0);
    const done = await report(
      exportAll(context, setCount).then(({ json }) => {
        const day = new Date().toISOString().slice(0, 10);
        saveFile(new Blob([json], { type: "application/json" }), `damso-${day}.json`);
      }),
    );
    setState(done ? "done" : "ready");
  }
  const told = state === "busy" ? words.exporting(count ?? 0) : words.exported(count ?? 0);
  return (
    <Section title={words.export} hint={words.exportHint}>
      <Row
        icon="save"
        title={words.exportStart}
        disabled={state === "busy"}
        onClick={() => void start()}
      />
      <p class="item told" role="status">
        {state !== "ready" && told}
      </p>
    </Section>
  );
}
