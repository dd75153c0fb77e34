import { words } from "./words";

/** What a source calls things that Guan calls otherwise, where its own documentation says so; the same words are left out. */
export const salesforce = words({
  baselines: ["Organization-Wide Defaults", "组织范围共享设置"],
  fields: ["Field-Level Security", "字段级安全性"],
});
