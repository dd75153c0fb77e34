//! The permission model, its compilation and every question asked of it; pure.
