/**
 * What a feature contributes: its screens, each with its address, its place in the menu and the words by which
 * people look for it. `src/features/<name>/screens.ts` exports `screens`; nothing else has to be touched.
 */
import type { ComponentType } from "react";

export type Group =
  | "overview"
  | "people"
  | "access"
  | "sharing"
  | "pools"
  | "audit"
  | "integrations"
  | "system";

export type Screen = {
  /** Its address, with `$names` for parts: `/users`, `/roles/$role`. */
  path: string;
  title: readonly [en: string, zh: string];
  /** Where it stands in the menu; a screen without one is reached from elsewhere. */
  menu?: { group: Group; order: number; icon: ComponentType };
  /** Powers of which one is needed, as the server names them; absent for everybody. */
  needs?: readonly string[];
  /** Other words, in both languages, under which Ctrl+K finds it. */
  also?: readonly string[];
  load: () => Promise<{ default: ComponentType }>;
};

type Contribution = { screens: readonly Screen[] };

const contributed = import.meta.glob<Contribution>("./features/*/screens.ts", { eager: true });

export const screens: readonly Screen[] = Object.values(contributed).flatMap((one) => one.screens);
