/** How much that is: `3.4 MB`. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
const STEP = 1024;

export function sizeText(bytes: number, locale: string): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(STEP));
  const unit = UNITS[Math.min(power, UNITS.length - 1)] ?? "byte";
  const number = bytes / STEP ** UNITS.indexOf(unit);
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: number < 10 ? 1 : 0,
  }).format(number);
}
