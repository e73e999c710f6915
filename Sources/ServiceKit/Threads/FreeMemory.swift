import CMalloc

/// The allocator's free memory.
public enum FreeMemory {
    /// Returns to the system what the allocator keeps and nobody uses: after a burst that is most of
    /// a service's memory. Takes some tens of microseconds.
    public static func giveBack() { malloc_trim(0) }
}
