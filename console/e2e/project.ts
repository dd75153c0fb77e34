/** The project of the sample organization as a zip. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { zipSync } from "fflate";

const SAMPLE = join(import.meta.dirname, "../../examples/lanhai");

/** With one permission set called otherwise, so that there is a difference. */
export function project(label: string): Buffer {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(SAMPLE, { recursive: true })) {
    const path = join(SAMPLE, entry.toString());
    if (!statSync(path).isFile()) continue;
    const name = relative(SAMPLE, path);
    const bytes = readFileSync(path);
    files[name] = name.endsWith("Customer_Export.permissionset-meta.xml")
      ? new TextEncoder().encode(
          bytes.toString("utf8").replace(/<label>[^<]*<\/label>/, `<label>${label}</label>`),
        )
      : bytes;
  }
  return Buffer.from(zipSync(files, { level: 1 }));
}
