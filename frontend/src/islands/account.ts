import { byId, meta } from '../lib/dom'

/** Chooses the theme. The cookie lets the server render it, so that no wrong one flashes up. */
export function start(): void {
  const current = document.documentElement.dataset.theme ?? 'system'
  for (const radio of byId('themes').querySelectorAll<HTMLInputElement>('input[name=theme]')) {
    radio.checked = radio.value === current
    radio.addEventListener('change', () => {
      document.documentElement.dataset.theme = radio.value
      const secure = location.protocol === 'https:' ? '; Secure' : ''
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing without https
      document.cookie = `funkhaus-theme=${radio.value}; Path=${meta('base')}; Max-Age=31536000; SameSite=Lax${secure}`
    })
  }
}
