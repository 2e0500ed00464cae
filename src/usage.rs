//! What this process costs: memory and page faults, as the system counts them. Only Linux tells.

/// Memory that the process has in use, files and libraries that it shares included, in KiB.
pub fn resident_kib() -> Option<u64> {
    status_kib("VmRSS:")
}

/// The part of it that belongs to no file, in KiB.
pub fn anonymous_kib() -> Option<u64> {
    status_kib("RssAnon:")
}

/// A line of `/proc/self/status`, in KiB; `None` where there is none.
fn status_kib(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Major page faults of the calling thread so far, field 12 of its `stat` (proc(5)); `None` where there is none.
pub fn major_faults() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/thread-self/stat").ok()?;
    // The name, field 2, may hold spaces and stands in brackets.
    let rest = stat.rsplit_once(')')?.1;
    rest.split_whitespace().nth(9)?.parse().ok()
}
