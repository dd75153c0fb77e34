import { words } from "./words";

export const map = words({
  title: ["Access map", "权限总览图"],
  about: [
    "How far every set goes on every object, for one action. The darker, the further; what acts on all objects and “view all” are counted in.",
    "某一操作下，各权限集在各对象上的范围。颜色越深范围越大；已计入“所有对象”和“查看全部”等授权。",
  ],
  action: ["Action", "操作"],
  object: ["Object", "对象"],
  search: ["Object", "对象"],
  kinds: ["Kinds of sets", "权限集类型"],
  allKinds: ["All kinds", "全部类型"],
  open: ["Enter or double click opens the matrix of the set.", "回车或双击打开该权限集的矩阵。"],
  nothing: ["Nothing to show", "暂无内容"],
  nothingWhy: ["No set or no object matches.", "没有匹配的权限集或对象。"],
  gives: ["{n} sets give it", "{n} 个权限集授予"],
});
