/** One value that is to be saved: what is wrong with it is said, what looks odd is said once, and whoever goes on means it. */
import { useId, useState } from "react";
import { edit } from "../../../i18n/edit";
import { useWords } from "../../../i18n/words";
import type { Field } from "../model";
import { checks } from "./checks";
import { toldOf } from "./form";

export function useOdd(field: Field | undefined, value: unknown) {
  const say = useWords(edit);
  const id = useId();
  const [told, setTold] = useState<string>();
  const found = field && checks([field], { [field.id]: value })[0];
  const key = found && JSON.stringify([found.field, found.says, value]);
  const isTold = key !== undefined && key === told;
  const isWrong = found?.is === "wrong";
  const words = isTold && found ? say(found.says as "phoneOdd") : undefined;
  return {
    ...toldOf(isWrong ? words : undefined, isWrong ? undefined : words, id),
    /** What the button says instead, once it was asked about. */
    anyway: isTold && !isWrong ? say("anyway") : undefined,
    /** Says what was found, or goes on. */
    look: (go: () => void) => {
      setTold(key);
      if (!found || (isTold && !isWrong)) go();
    },
  };
}
