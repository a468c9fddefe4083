/** What the list of devices calls this one: `Chrome · Windows`. */
export function deviceName(agent: string): string {
  const pick = (names: readonly (readonly [pattern: RegExp, name: string])[]): string =>
    names.find(([pattern]) => pattern.test(agent))?.[1] ?? "";
  const browser = pick([
    [/Edg\w*\//, "Edge"],
    [/OPR\//, "Opera"],
    [/SamsungBrowser\//, "Samsung Internet"],
    [/Whale\//, "Whale"],
    [/Firefox\/|FxiOS\//, "Firefox"],
    [/Chrome\/|CriOS\//, "Chrome"],
    [/Safari\//, "Safari"],
  ]);
  const system = pick([
    [/Android/, "Android"],
    [/iPhone|iPad/, "iOS"],
    [/Windows/, "Windows"],
    [/Mac OS X/, "macOS"],
    [/CrOS/, "ChromeOS"],
    [/Linux/, "Linux"],
  ]);
  return [browser, system].filter((part) => part !== "").join(" · ");
}
