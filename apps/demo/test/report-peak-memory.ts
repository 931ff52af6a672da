/** Loaded into a server: tells its parent, who asks by any message, the most memory that it ever held, in KiB. */
process.on('message', () => process.send?.(process.resourceUsage().maxRSS))
// Neither is a reason to go on running.
process.channel?.unref()
