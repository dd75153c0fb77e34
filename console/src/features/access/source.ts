/** The word of the system that a policy was imported from, in brackets behind Guan's own: whoever knows that one finds it. */
import { salesforce } from "../../i18n/source";
import { useWords } from "../../i18n/words";
import type { Policy } from "./world";

type Term = keyof typeof salesforce;

/** Whether sets bear the ids that the import of Salesforce gives: `profile/NAME`. */
export const isFromSalesforce = ({ sets }: Pick<Policy, "sets">): boolean =>
  Object.keys(sets).some((id) => id.startsWith("profile/"));

export function useSourced(policy: Pick<Policy, "sets"> | undefined) {
  const say = useWords(salesforce);
  const imported = policy !== undefined && isFromSalesforce(policy);
  return (own: string, term: Term): string => (imported ? `${own} (${say(term)})` : own);
}
