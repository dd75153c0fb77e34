/** How much a browser loads before the first screen stands: the page's own files and those of the first screen. */
import { readdirSync, readFileSync, statSync } from "node:fs";

const BYTES_MAX = 350 * 1024;
const page = readFileSync("dist/index.html", "utf8");
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path);
const screens = /^(gate|overview|page|input|useForm|address)-.*\.js\.gz$/;
const first = readdirSync("dist/assets").filter((name) => screens.test(name));
const files = [
  ...named.map((path) => `dist/${path}.gz`),
  ...first.map((name) => `dist/assets/${name}`),
];
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
const all = readdirSync("dist/assets").reduce(
  (sum, name) => sum + statSync(`dist/assets/${name}`).size,
  0,
);

process.stdout.write(
  `first load ${Math.round(bytes / 1024)} KiB of at most ${BYTES_MAX / 1024}; everything ${Math.round(all / 1024)} KiB\n`,
);
if (bytes > BYTES_MAX) process.exit(1);
