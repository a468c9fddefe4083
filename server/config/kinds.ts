/** The kinds of values that an option can have. */
export type Kind<T> = {
  /** What stands for the value in `--help`. */
  shape: string;
  /** The value, or undefined when the text is none. */
  parse(text: string): T | undefined;
  /** The value as one would write it. */
  print(value: T): string;
};

export const text = (
  shape: string,
  accept: (text: string) => boolean = () => true,
): Kind<string> => ({
  shape,
  parse: (value) => (accept(value) ? value : undefined),
  print: (value) => value,
});

export const whole = (min: number, max: number): Kind<number> => ({
  shape: `${min}..${max}`,
  parse(value) {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= min && number <= max ? number : undefined;
  },
  print: String,
});

export const onOff: Kind<boolean> = {
  shape: "on|off",
  parse: (value) => (value === "on" ? true : value === "off" ? false : undefined),
  print: (value) => (value ? "on" : "off"),
};

export const oneOf = <const T extends string>(...values: T[]): Kind<T> => ({
  shape: values.join("|"),
  parse: (value) => values.find((one) => one === value),
  print: (value) => value,
});

/** Some of these, or `all`. */
export const someOf = <const T extends string>(...values: T[]): Kind<readonly T[]> => ({
  shape: `all|${values.join(",")}`,
  parse(text) {
    if (text === "all") return values;
    const named = text.split(",").map((part) => values.find((one) => one === part));
    const known = named.filter((one) => one !== undefined);
    return known.length === named.length && new Set(known).size === known.length
      ? known
      : undefined;
  },
  print: (chosen) => (chosen.length === values.length ? "all" : chosen.join(",")),
});

/** Addresses with one of these schemes, with commas between them. */
export const urls = (...schemes: string[]): Kind<string> => ({
  shape: `${schemes[0]}://…`,
  parse(text) {
    const each = text === "" ? [] : text.split(",");
    const good = each.every(
      (one) => URL.canParse(one) && schemes.includes(new URL(one).protocol.slice(0, -1)),
    );
    return good ? text : undefined;
  },
  print: (value) => value,
});
