/** A call of the REST API, to be shown in several languages. */
export interface ApiCall {
  method: string
  path: string
  body?: string
}

export type Language = 'curl' | 'JavaScript' | 'Python' | 'Java'
export const LANGUAGES: Language[] = ['curl', 'JavaScript', 'Python', 'Java']

/** The call as a program that runs when pasted; `key` is a key or the name of the variable that holds one. */
export function sample(language: Language, call: ApiCall, origin: string, key: string | null): string {
  const url = `${origin}/api/v1${call.path}`
  switch (language) {
    case 'curl':
      return curl(call, url, key)
    case 'JavaScript':
      return javaScript(call, url, key)
    case 'Python':
      return python(call, url, key)
    case 'Java':
      return java(call, url, key)
  }
}

function curl({ method, body }: ApiCall, url: string, key: string | null): string {
  const parts = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${shell(url)}`,
    `-H "Authorization: Bearer ${key ?? '$FUNKHAUS_KEY'}"`,
  ]
  if (body !== undefined) parts.push(`-d ${shell(body)}`)
  return parts.join(' \\\n  ')
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function javaScript({ method, body }: ApiCall, url: string, key: string | null): string {
  const bearer = key ? `'Bearer ${key}'` : "'Bearer ' + process.env.FUNKHAUS_KEY"
  return [
    `const response = await fetch(${JSON.stringify(url)}, {`,
    method === 'GET' ? null : `  method: '${method}',`,
    `  headers: { Authorization: ${bearer} },`,
    body === undefined ? null : `  body: ${JSON.stringify(body)},`,
    '})',
    'console.log(response.status, await response.text())',
  ]
    .filter((line) => line !== null)
    .join('\n')
}

function python({ method, body }: ApiCall, url: string, key: string | null): string {
  const bearer = key ? `"Bearer ${key}"` : '"Bearer " + os.environ["FUNKHAUS_KEY"]'
  return [
    key ? null : 'import os',
    'import urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${JSON.stringify(url)},`,
    `    method="${method}",`,
    `    headers={"Authorization": ${bearer}},`,
    body === undefined ? null : `    data=${JSON.stringify(body)}.encode(),`,
    ')',
    'print(urllib.request.urlopen(request).read().decode())',
  ]
    .filter((line) => line !== null)
    .join('\n')
}

function java({ method, body }: ApiCall, url: string, key: string | null): string {
  const bearer = key ? `"Bearer ${key}"` : '"Bearer " + System.getenv("FUNKHAUS_KEY")'
  const publisher =
    body === undefined ? 'BodyPublishers.noBody()' : `BodyPublishers.ofString(${JSON.stringify(body)})`
  return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

void main() throws Exception {
  var request = HttpRequest.newBuilder(URI.create(${JSON.stringify(url)}))
      .method("${method}", ${publisher})
      .header("Authorization", ${bearer})
      .build();
  var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  IO.println(response.statusCode() + " " + response.body());
}`
}
