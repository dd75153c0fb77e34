/** The guide, readable without a network. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import { guide } from "../../i18n/guide";
import { useLanguage, useWords } from "../../i18n/words";
import { usePart } from "../../ui/address";
import { PageHeader } from "../../ui/page";
import { Answered, Missing } from "../../ui/state";
import { Markdown } from "./markdown";
import { pages, read } from "./pages";

export default function Guide() {
  const say = useWords(guide);
  const language = useLanguage();
  const page = usePart("page") || pages[0] || "";
  const at = language === "en" ? 0 : 1;
  const titles: Readonly<Record<string, readonly [string, string]>> = guide;
  const found = useQuery({
    queryKey: ["guide", page, language],
    queryFn: () => read(page, language),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <PageHeader title={say("title")} about={say("about")} />
      <div className="sheet guide">
        <nav className="rail" aria-label={say("pages")}>
          <ul>
            {pages.map((other) => (
              <li key={other}>
                <Link to={`/guide/${other}`} aria-current={other === page ? "page" : undefined}>
                  {titles[other]?.[at] ?? other}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Answered of={found}>
          {(shown) =>
            shown === null ? (
              <Missing />
            ) : (
              <article lang={shown.language === "zh" ? "zh-CN" : "en"}>
                {shown.language !== language && (
                  <Alert type="info" showIcon title={say("onlyEnglish")} style={{ margin: 16 }} />
                )}
                <Markdown text={shown.text} />
              </article>
            )
          }
        </Answered>
      </div>
    </>
  );
}
