import { expect, test } from "bun:test";
import { lineAt, toSource } from "./source.ts";

function check(title: string, text: string, code: string): void {
  test(title, () => {
    const source = toSource("core/a.ts", text);
    expect(source.code.replaceAll(/ +/g, " ").trim()).toBe(code);
    expect(source.code.length).toBe(text.length);
    expect(source.bare.length).toBe(text.length);
  });
}

check("comments are blanked", "a(); // Date.now\n/* b\n*/ c();", "a(); \n \n c();");
check("strings are blanked", `f("a // b", 'it\\'s', x);`, `f(" ", ' ', x);`);
check(
  "the code inside a template is kept",
  "f(`a ${g({ b: 1 }, `x${y}`)} c`);",
  "f(` ${g({ b: 1 }, ` ${y}`)} `);",
);
check("a pattern is no comment", "const p = /[/\"]*\\/'/g; next();", "const p = / /g; next();");
check(
  "a division is no pattern",
  "const r = a / b; const s = c[0] / 2;",
  "const r = a / b; const s = c[0] / 2;",
);
check("a pattern may follow a keyword", "return /x'y/.test(z);", "return / /.test(z);");

check(
  "tags are no patterns",
  `<p a={b} />; <b c="d" />; </i>; go();`,
  `<p a={b} />; <b c=" " />; </i>; go();`,
);

test("`bare` keeps the strings", () => {
  const source = toSource("core/a.ts", `import "x"; // import "y"`);
  expect(source.bare.trim()).toBe(`import "x";`);
});

test("a file that is not code is left as it is", () => {
  expect(toSource("README.md", "don't // touch").code).toBe("don't // touch");
});

test("positions become lines", () => {
  expect([0, 1, 2, 3].map((index) => lineAt("a\nb\n", index))).toEqual([1, 1, 2, 2]);
});
