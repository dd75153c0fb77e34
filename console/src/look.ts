/** How the console looks to this person: light or dark, dense or roomy. Kept in the browser. */
import { useSyncExternalStore } from "react";

export type Look = { shade: "light" | "dark"; density: "compact" | "roomy" };

const KEPT = "guan.look";
const heard = new Set<() => void>();

function first(): Look {
  const shade = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const standard: Look = { shade, density: "compact" };
  try {
    return { ...standard, ...JSON.parse(localStorage.getItem(KEPT) ?? "{}") };
  } catch {
    return standard;
  }
}

let current = first();
document.documentElement.dataset.look = current.shade;

export function setLook(change: Partial<Look>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEPT, JSON.stringify(current));
  document.documentElement.dataset.look = current.shade;
  for (const hear of heard) hear();
}

export function useLook(): Look {
  return useSyncExternalStore(
    (hear) => {
      heard.add(hear);
      return () => heard.delete(hear);
    },
    () => current,
  );
}
