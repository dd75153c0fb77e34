/** Asks before a page with unsaved changes is left, by a link, the back button or the window. */
import { useBlocker } from "@tanstack/react-router";
import { ui } from "../i18n/ui";
import { useWords } from "../i18n/words";

export function useUnsaved(changed: boolean): void {
  const say = useWords(ui);
  useBlocker({
    // The one dialog that also works while the page is being left.
    shouldBlockFn: () => changed && !window.confirm(say("unsaved")),
    enableBeforeUnload: () => changed,
  });
}
