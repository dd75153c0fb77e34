/** Whether the page is being printed: what draws only what is in sight draws everything then. */
import { useSyncExternalStore } from "react";

const PRINT = "print";

export function usePrinting(): boolean {
  return useSyncExternalStore(
    (hear) => {
      const asked = window.matchMedia(PRINT);
      asked.addEventListener("change", hear);
      return () => asked.removeEventListener("change", hear);
    },
    () => window.matchMedia(PRINT).matches,
  );
}
