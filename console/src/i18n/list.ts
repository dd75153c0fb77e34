import { words } from "./words";

/** Words of every list. */
export const list = words({
  shown: ["{n} shown on this page", "本页显示 {n} 条"],
  shownOf: ["{n} of {all} shown", "显示 {n} / {all} 条"],
  leftOut: ["The search or a filter leaves out {n}.", "搜索或筛选隐藏了 {n} 条。"],
  readMost: [
    "At most {n} are read here; a search on the server finds the rest.",
    "此处最多读取 {n} 条，其余请用搜索查找。",
  ],
  acts: ["Acts", "操作"],
  whyFew: ["What is not shown?", "哪些内容未显示？"],
  rows: ["{n} on a page", "每页 {n} 条"],
  previous: ["Previous page", "上一页"],
  next: ["Next page", "下一页"],
  page: ["Page {n}", "第 {n} 页"],
  columns: ["Columns", "列设置"],
  export: ["Export CSV", "导出 CSV"],
  exporting: ["Exporting… {n}", "正在导出… {n}"],
  cut: ["Only the first {n} rows were exported.", "仅导出了前 {n} 行。"],
  nothing: ["Nothing matches", "没有匹配的内容"],
  clear: ["Clear the search", "清除搜索"],
});
