/** The address as state: what a screen shows can be sent as a link, and the back button undoes it. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";

/** The part `$name` of the address. */
export function usePart(name: string): string {
  const parts = useParams({ strict: false }) as Record<string, string | undefined>;
  return parts[name] ?? "";
}

export type Change = Readonly<Record<string, string | undefined>>;

/** What stands after `?`, and how to change some of it; `replace` leaves no step for the back button. */
export function useAddress(): readonly [
  Readonly<Record<string, string | undefined>>,
  (change: Change, step?: "push" | "replace") => void,
] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const go = (change: Change, step: "push" | "replace" = "push") => {
    void navigate({ to: ".", search: { ...search, ...change }, replace: step === "replace" });
  };
  return [search, go];
}
