/** A backup is called by its instant: `2026-11-30T150958.932Z-e966137a`. */
import dayjs from "dayjs";

export function momentOfName(name: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)(\.\d+)?Z/.exec(name);
  if (!found) return "–";
  const [, day, hours, minutes, seconds] = found;
  return dayjs(`${day}T${hours}:${minutes}:${seconds}Z`).format("YYYY-MM-DD HH:mm:ss");
}

export function sizeOf(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
