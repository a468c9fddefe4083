import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { App as AppModel } from "../model/app.ts";
import { AppContext } from "./app-context.ts";
import { Home } from "./home.tsx";
import { later } from "./later.tsx";
import { offered } from "./lazy.tsx";
import { useLook } from "./use-look.ts";

// It is here before it is needed: a page of the old version finds none of its parts when the new one is in use.
const UpdatePrompt = offered(() => import("./host/update.ts").then((m) => m.UpdatePrompt));

// Who is signed in sees none of these.
const Welcome = later(() => import("./entrance.ts").then((m) => m.Welcome));
const AccountForm = later(() => import("./entrance.ts").then((m) => m.AccountForm));
const Demo = later(() => import("./entrance.ts").then((m) => m.Demo));
const DemoOver = later(() => import("./entrance.ts").then((m) => m.DemoOver));

export function App({ app, pane }: { app: AppModel; pane: boolean }): VNode {
  const language = app.speech.language.value;
  useLook(app.look);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <AppContext.Provider value={{ app, pane }}>
      {app.host.update.value && <UpdatePrompt host={app.host} />}
      <Screen app={app} />
    </AppContext.Provider>
  );
}

function Screen({ app }: { app: AppModel }): VNode {
  const screen = app.screen.value;
  switch (screen.name) {
    case "welcome":
      return <Welcome />;
    case "account":
      return <AccountForm key={screen.form} form={screen.form} />;
    case "demo":
      return <Demo names={screen.names} />;
    case "demo_over":
      return <DemoOver />;
    case "home":
      return <Home key={screen.home.me.id} home={screen.home} />;
  }
}
