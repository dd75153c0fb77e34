/** Markdown as React elements, so that no text of a page can ever become markup. */
import { Link } from "@tanstack/react-router";
import { lexer, type Token, type Tokens } from "marked";
import { createElement, Fragment, type ReactNode } from "react";

export function Markdown(props: { text: string }) {
  return <div className="prose">{all(lexer(props.text))}</div>;
}

const all = (tokens: readonly Token[] | undefined): ReactNode =>
  tokens?.map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a page never changes while it is read
    <Fragment key={index}>{one(token)}</Fragment>
  ));

const anchor = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, "")
    .replaceAll(" ", "-");

const draw: Record<string, (token: never) => ReactNode> = {
  heading: ({ depth, text, tokens }: Tokens.Heading) =>
    createElement(`h${Math.min(depth + 1, 6)}`, { id: anchor(text) }, all(tokens)),
  paragraph: ({ tokens }: Tokens.Paragraph) => <p>{all(tokens)}</p>,
  blockquote: ({ tokens }: Tokens.Blockquote) => <blockquote>{all(tokens)}</blockquote>,
  list: ({ ordered, items }: Tokens.List) =>
    createElement(
      ordered ? "ol" : "ul",
      {},
      items.map((item) => <li key={item.raw}>{all(item.tokens)}</li>),
    ),
  code: ({ text }: Tokens.Code) => (
    <pre>
      <code>{text}</code>
    </pre>
  ),
  table: ({ header, rows }: Tokens.Table) => <Grid header={header} rows={rows} />,
  hr: () => <hr />,
  strong: ({ tokens }: Tokens.Strong) => <strong>{all(tokens)}</strong>,
  em: ({ tokens }: Tokens.Em) => <em>{all(tokens)}</em>,
  codespan: ({ text }: Tokens.Codespan) => <code>{text}</code>,
  link: ({ href, tokens }: Tokens.Link) => <Reference href={href}>{all(tokens)}</Reference>,
  br: () => <br />,
  space: () => null,
  html: () => null,
};

function one(token: Token): ReactNode {
  const known = draw[token.type];
  if (known) return known(token as never);
  if ("tokens" in token && token.tokens) return all(token.tokens);
  return "text" in token ? token.text : null;
}

function Grid(props: { header: readonly Tokens.TableCell[]; rows: readonly Tokens.TableCell[][] }) {
  return (
    <table>
      <thead>
        <tr>
          {props.header.map((cell) => (
            <th key={cell.text} scope="col">
              {all(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr key={row.map((cell) => cell.text).join("|")}>
            {row.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a page never changes while it is read
              <td key={index}>{all(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Links between pages of the guide work; others, to files that only the repository has, become their text. */
function Reference(props: { href: string; children: ReactNode }) {
  const page = /^(?:\.\/)?([\w-]+)\.md(?:#(.*))?$/.exec(props.href);
  if (page) {
    return (
      <Link to={`/guide/${page[1]}`} {...(page[2] && { hash: page[2] })}>
        {props.children}
      </Link>
    );
  }
  if (props.href.startsWith("#")) return <a href={props.href}>{props.children}</a>;
  return <span title={props.href}>{props.children}</span>;
}
