/** The questions of the playground, with bodies to begin with, and the same call as code. */
export const QUESTIONS = [
  "check",
  "explain",
  "list",
  "count",
  "abilities",
  "field-access",
  "who",
  "check-many",
] as const;
export type QuestionName = (typeof QUESTIONS)[number];

export function bodyOf(question: QuestionName, object: string): object {
  const thing = { session: {}, object };
  const bodies: Readonly<Record<QuestionName, object>> = {
    check: { ...thing, action: "read" },
    explain: { ...thing, action: "read" },
    list: { ...thing, action: "read", limit: 10 },
    count: { ...thing, action: "read" },
    abilities: thing,
    "field-access": thing,
    who: { action: "read", object, record: "RECORD", limit: 20 },
    "check-many": { session: {}, items: ["read", "edit"].map((action) => ({ action, object })) },
  };
  return bodies[question];
}

export const LANGUAGES = ["curl", "Python", "JavaScript"] as const;
export type CodeLanguage = (typeof LANGUAGES)[number];

/** Text inside single quotes of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export function codeOf(
  language: CodeLanguage,
  host: string,
  question: QuestionName,
  body: string,
): string {
  const url = `${host}/api/v1/${question}`;
  if (language === "curl") {
    return [
      `curl -s ${url} \\`,
      '  -H "Authorization: Bearer $GUAN_TOKEN" \\',
      `  --json ${quoted(body)}`,
    ].join("\n");
  }
  if (language === "Python") {
    return [
      "import json, os, urllib.request",
      "",
      `body = json.loads(${JSON.stringify(JSON.stringify(JSON.parse(body)))})`,
      "request = urllib.request.Request(",
      `    "${url}",`,
      "    data=json.dumps(body).encode(),",
      "    headers={",
      '        "Authorization": "Bearer " + os.environ["GUAN_TOKEN"],',
      '        "Content-Type": "application/json",',
      "    },",
      ")",
      "print(json.load(urllib.request.urlopen(request)))",
    ].join("\n");
  }
  return [
    `const response = await fetch("${url}", {`,
    '  method: "POST",',
    "  headers: {",
    '    authorization: "Bearer " + process.env.GUAN_TOKEN,',
    '    "content-type": "application/json",',
    "  },",
    `  body: JSON.stringify(${body}),`,
    "});",
    "console.log(await response.json());",
  ].join("\n");
}
