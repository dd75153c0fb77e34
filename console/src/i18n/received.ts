/** Words of the list of what is shared with somebody. */
import { words } from "./words";

export const received = words({
  title: ["Shared with me", "共享给我的记录"],
  why: [
    "Records that a share or a record team opens to this user: by name, by a group, or by where they stand.",
    "通过共享或相关团队向该用户开放的记录：直接共享、经由小组，或因其所在位置。",
  ],
  whyMine: [
    "Records that colleagues shared with you, or whose team you are in. What you own or reach otherwise is not listed.",
    "同事共享给您的记录，以及您在其相关团队中的记录；您负责的或通过其他途径可访问的记录不在此列。",
  ],
  few: [
    "Only records that you may read yourself are listed; others may be shared with the user too.",
    "仅列出您自己有权查看的记录；该用户可能还收到其他共享。",
  ],
  none: ["Nothing that you may read is shared with this user", "没有您可查看的记录共享给该用户"],
  noneMine: ["Nothing is shared with you now", "目前没有共享给您的记录"],
  record: ["Record", "记录"],
  how: ["Shared with", "共享对象"],
  direct: ["directly", "直接"],
  team: ["record team", "相关团队"],
  teamAs: ["record team, as {role}", "相关团队（{role}）"],
  by: ["By", "共享人"],
  rule: ["made by {cause}", "由 {cause} 产生"],
  rights: ["Access", "访问级别"],
  until: ["Until", "到期"],
  always: ["no end", "长期"],
  shown: ["{n} shown", "显示 {n} 条"],
  more: ["Show more", "显示更多"],
});
