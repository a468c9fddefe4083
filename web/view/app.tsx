import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { App as AppModel } from "../model/app.ts";
import { AccountForm } from "./account-form.tsx";
import { AppContext } from "./app-context.ts";
import { Demo, DemoOver } from "./demo.tsx";
import { Home } from "./home.tsx";
import { UpdatePrompt } from "./host/update-prompt.tsx";
import { useLook } from "./use-look.ts";
import { Welcome } from "./welcome.tsx";

export function App({ app, pane }: { app: AppModel; pane: boolean }): VNode {
  const language = app.speech.language.value;
  useLook(app.look);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <AppContext.Provider value={{ app, pane }}>
      <Screen app={app} />
      <UpdatePrompt host={app.host} />
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
