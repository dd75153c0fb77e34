/** Choices by their names; where two bear the same name, their ids stand behind it. */
export function labelled(
  ids: readonly string[],
  name: (id: string) => string,
): { value: string; label: string }[] {
  const names = ids.map(name);
  return ids.map((value, at) => {
    const own = names[at] ?? value;
    const isAlone = names.filter((one) => one === own).length === 1;
    return { value, label: isAlone ? own : `${own} (${value})` };
  });
}
