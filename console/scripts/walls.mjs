/** Who may import whom, how long a file may be, and that words of a screen stand in `src/i18n`. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const LINES_MAX = 250;
const CHINESE = /\p{Script=Han}/u;
const files = readdirSync("src", { recursive: true })
  .map((name) => join("src", name.toString()))
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith("schema.d.ts"));

/** What may not import what. A feature is also kept apart from other features. */
const WALLS = [
  ["src/ui/", ["src/features/", "src/shell/"]],
  ["src/api/", ["src/features/", "src/shell/", "src/ui/", "src/i18n/"]],
  ["src/i18n/", ["src/features/", "src/shell/", "src/ui/", "src/api/"]],
  ["src/features/", ["src/shell/", "src/app"]],
  ["src/shell/", ["src/features/"]],
];

const feature = (path) => /^src\/features\/([^/]+)/.exec(path)?.[1];
const problems = [];
for (const path of files) {
  const text = readFileSync(path, "utf8");
  const lines = text.split("\n").length - 1;
  if (lines > LINES_MAX)
    problems.push(`${path}: ${lines} lines, at most ${LINES_MAX}: cut it by subject`);
  for (const [, at] of text.matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)) {
    const to = normalize(join(dirname(path), at));
    const wall = WALLS.find(([from]) => path.startsWith(from));
    if (wall?.[1].some((other) => to.startsWith(other)))
      problems.push(`${path}: must not import ${to}`);
    if (feature(path) && feature(to) && feature(path) !== feature(to)) {
      problems.push(`${path}: a feature must not know another one (${to})`);
    }
  }
  const isWords = path.startsWith("src/i18n/") || /screens\.ts$|\.test\.tsx?$/.test(path);
  for (const [number, line] of text.split("\n").entries()) {
    const code = line
      .replace(/\/\/.*|\/?\*.*/, "")
      .replaceAll("Guan 关", "")
      .replaceAll('"中文"', "");
    if (!isWords && CHINESE.test(code) && !/FORMULA/.test(code)) {
      problems.push(`${path}:${number + 1}: words belong in src/i18n`);
    }
  }
}
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
for (const [path, entry] of Object.entries(lock.packages)) {
  if (entry.hasInstallScript && !entry.optional) problems.push(`${path}: has an install script`);
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join("\n")}\n`);
  process.exit(1);
}
