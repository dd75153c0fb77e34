//! How large the generated worlds are.

/// The size of a world.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The letter that the command takes.
    pub name: &'static str,
    /// Records of the object that has records.
    pub records: usize,
    /// Users.
    pub users: usize,
    /// Roles on each level of the tree, the root first.
    pub levels: [usize; 6],
    /// Groups.
    pub groups: usize,
    /// Samples of an operation that takes microseconds.
    pub samples: usize,
}

/// For comparison with the reference, record by record.
pub const T: Scale = Scale {
    name: "T",
    records: 1_000,
    users: 120,
    levels: [1, 2, 4, 8, 12, 16],
    groups: 12,
    samples: 100,
};
/// For a quick look that everything still runs.
pub const SMOKE: Scale = Scale {
    name: "smoke",
    records: 2_000,
    users: 200,
    levels: [1, 3, 6, 12, 20, 30],
    groups: 20,
    samples: 100,
};
/// For everyday runs.
pub const S: Scale = Scale {
    name: "S",
    records: 100_000,
    users: 1_000,
    levels: [1, 4, 12, 40, 90, 153],
    groups: 50,
    samples: 2_000,
};
/// Ten times S.
pub const M: Scale = Scale {
    name: "M",
    records: 1_000_000,
    users: 10_000,
    levels: [1, 4, 20, 75, 300, 600],
    groups: 200,
    samples: 2_000,
};
/// The world of the bounds.
pub const L: Scale = Scale {
    name: "L",
    records: 10_000_000,
    users: 100_000,
    levels: [1, 5, 25, 120, 500, 1_349],
    groups: 500,
    samples: 2_000,
};

/// The scale of a letter, or of `--smoke`.
///
/// # Errors
///
/// A name of none.
pub fn named(name: &str) -> Result<Scale, String> {
    match name {
        "S" | "s" => Ok(S),
        "M" | "m" => Ok(M),
        "L" | "l" => Ok(L),
        "--smoke" => Ok(SMOKE),
        other => Err(format!("`{other}` is no world; write S, M, L or --smoke")),
    }
}
