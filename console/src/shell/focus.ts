/** Where the focus goes by itself: back to what opened a dialog when that closes, and into a screen that has come. */
import { useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** A drawer takes the focus itself, around its dialog. */
const DIALOG = ".ant-drawer, [role=dialog]";
/** How many of the last places are remembered: what opened a dialog may itself be gone, as an entry of a menu is. */
const PLACES_MAX = 6;

const isShown = (place: HTMLElement) => place.isConnected && place.checkVisibility();

/** The last place that is still there. */
export const lastShown = (places: readonly HTMLElement[]): HTMLElement | undefined =>
  places.findLast(isShown);

/** A dialog that goes away together with the state that opened it gives no focus back by itself. */
export function useFocusBack(): void {
  useEffect(() => {
    let places: HTMLElement[] = [];
    // The open dialogs from the outermost inwards, each with the places outside it.
    let open: { dialog: Element; before: readonly HTMLElement[] }[] = [];
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      const dialog = target.closest(DIALOG);
      if (dialog && !open.some((one) => one.dialog === dialog)) {
        open.push({ dialog, before: places });
      }
      if (target.tabIndex >= 0) {
        places = [...places.filter((one) => one !== target), target].slice(-PLACES_MAX);
      }
    };
    // Dialogs stand beside the application, as children of the body.
    const observer = new MutationObserver(() => {
      const gone = open.filter(({ dialog }) => !dialog.isConnected);
      open = open.filter(({ dialog }) => dialog.isConnected);
      const [first] = gone;
      if (first && document.activeElement === document.body) lastShown(first.before)?.focus();
    });
    document.addEventListener("focusin", onFocus);
    observer.observe(document.body, { childList: true });
    return () => {
      document.removeEventListener("focusin", onFocus);
      observer.disconnect();
    };
  }, []);
}

/** Another screen has come: who goes on by the keyboard goes on in it, not in the menu once more. */
export function useFocusIn(): void {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    const main = document.getElementById("content");
    const at = document.activeElement;
    if (!main?.contains(at) && !at?.closest(DIALOG)) main?.focus({ preventScroll: true });
  }, [pathname]);
}
