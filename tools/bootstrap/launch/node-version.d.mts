export function isRecentEnough(version: string): boolean;
export function pinnedNode(root: string): string | undefined;
