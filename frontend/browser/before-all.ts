/** Fails at once, with the way out, when there is nothing to test against. */
export async function setup(): Promise<void> {
  const url = process.env.FUNKHAUS_URL
  if (!url)
    throw new Error(
      'FUNKHAUS_URL is not set: give the address of a running service, such as http://127.0.0.1:8080',
    )
  const answer = await fetch(`${url}/sign-in`).catch((failure: Error) => failure)
  if (answer instanceof Error) throw new Error(`FUNKHAUS_URL=${url} does not answer: ${answer.message}`)
  if (!answer.ok) throw new Error(`FUNKHAUS_URL=${url}/sign-in answers ${answer.status}, not a page`)
}
