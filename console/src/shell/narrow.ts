/** Whether the window is too narrow for a menu beside the screen. `look.css` names the same width. */
import { useSyncExternalStore } from "react";

const NARROW = "(max-width: 800px)";

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (hear) => {
      const asked = window.matchMedia(NARROW);
      asked.addEventListener("change", hear);
      return () => asked.removeEventListener("change", hear);
    },
    () => window.matchMedia(NARROW).matches,
  );
}
