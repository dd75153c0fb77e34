/** What a change came to, in a sentence. */

import { access } from "../../i18n/access";
import { useWords } from "../../i18n/words";
import { moment } from "../../ui/moment";
import type { Outcome } from "./saving";

export function useOutcome(): (made: Outcome) => string {
  const say = useWords(access);
  return (made) =>
    "revision" in made
      ? say("saved", { n: String(made.revision) })
      : say("waits", {
          overlay: made.overlay,
          ends: moment(made.ends),
        });
}
