/** Whether the server serves another console than the one that runs here; not known without a network, and then no. */
export async function isReplaced(): Promise<boolean> {
  const own = document.querySelector("script[type=module]")?.getAttribute("src");
  if (!own) return false;
  try {
    const answer = await fetch("/", { cache: "no-store" });
    return answer.ok && !(await answer.text()).includes(own);
  } catch {
    return false;
  }
}
