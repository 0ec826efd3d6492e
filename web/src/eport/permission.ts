/**
 * The browser's permission to reach programs on this computer (WICG Local Network
 * Access). Chrome asks for it before a page opens a socket to the client control;
 * other browsers do not have it.
 */
export interface LocalPermission {
  readonly state: PermissionState
  onchange: (() => void) | null
}

/** Names of the permission, the present one first. Chrome 142 to 145 had one for both networks. */
const names = ['loopback-network', 'local-network-access']

/** The permission as it is now, or null where the browser does not ask. */
export async function localPermission(): Promise<LocalPermission | null> {
  for (const name of names) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })) as unknown as LocalPermission
    } catch {
      // The browser does not know this name (W3C Permissions, 6.2.1).
    }
  }
  return null
}
