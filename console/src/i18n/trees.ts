import { words } from "./words";

/** The trees that an import brings, by the names that it gives them; others are called as the organization calls them. */
export const trees = words({
  "Role hierarchy": ["Role hierarchy", "角色层级"],
  "Reporting line": ["Reporting line", "汇报线"],
  Territories: ["Territories", "区域"],
});
