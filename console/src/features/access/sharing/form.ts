/** What the editors of this screen are given, and lists that they offer. */
import { nameOf, type Policy, useObjectName } from "../world";
import type { Wrong } from "./problems";

export type FormProps<T> = {
  policy: Policy;
  content: T;
  wrong: readonly Wrong[];
  onChange: (change: Partial<Record<keyof T, unknown>>) => void;
};

/** The objects to choose from. */
export function useObjectOptions(policy: Policy) {
  const objectName = useObjectName(policy);
  return Object.keys(policy.objects).map((value) => ({ value, label: objectName(value) }));
}

/** The nodes of trees of these kinds. */
export const nodesOf = (policy: Policy, kinds: readonly string[]) =>
  Object.entries(policy.nodes)
    .filter(([, { tree }]) => kinds.includes(policy.trees[tree]?.kind ?? ""))
    .map(([value, node]) => ({ value, label: nameOf(value, node) }));
