/// How often this program asked malloc for memory, the Swift runtime included.
long allocation_count(void);
