/** Whom an assignment, rule or restriction names, in words. */
import { access } from "../../i18n/access";
import { trees } from "../../i18n/trees";
import { useWords } from "../../i18n/words";
import { useNamed } from "../../ui/named";
import { type Policy, principalName, principalOf } from "./world";

/** A principal as people call it. */
export function usePrincipalName(policy: Policy): (text: string) => string {
  const say = useWords(access);
  const tree = useNamed(trees);
  return (text) => {
    const principal = principalOf(text);
    const name = principalName(policy, principal);
    switch (principal.kind) {
      case "user":
        return say("userPrincipal", { name });
      case "group":
        return say("groupPrincipal", { name });
      case "node":
      case "node_and_below":
      case "above":
        return say(principal.kind, { name });
      case "placed":
        return say("placed", { name: tree(name) });
      case "everyone":
      case "internal":
      case "external":
      case "guests":
        return say(principal.kind);
      default:
        return text;
    }
  };
}
