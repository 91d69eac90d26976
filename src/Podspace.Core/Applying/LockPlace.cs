namespace Podspace.Applying;

/// <summary>Where a <see cref="RunLock"/> is written down: a Lease of the cluster, or a tag of the VPC before there is one.</summary>
internal interface ILockPlace
{
    /// <returns>Null: nobody holds it.</returns>
    Task<(LockNote? Note, Refusal? Refusal)> ReadAsync(CancellationToken cancel);

    /// <summary>Writes <paramref name="holder"/> over what was read; a
    /// <see cref="RefusalKind.Conflict"/> says that somebody else was faster.</summary>
    /// <returns>With what <see cref="DropAsync"/> wants to know, as the outcome's id.</returns>
    Task<Outcome> WriteAsync(LockNote? over, string holder, CancellationToken cancel);

    /// <param name="version">Of the last write: anything else is somebody else's, and stays,
    /// which a <see cref="RefusalKind.Conflict"/> says.</param>
    Task<Refusal?> DropAsync(string? version, CancellationToken cancel);
}

/// <param name="Renewed">By the holder's clock; null when it cannot be read.</param>
/// <param name="Length">How long it is good after each renewal.</param>
/// <param name="Version">What a later write or removal is held against.</param>
internal sealed record LockNote(string Holder, DateTimeOffset? Renewed, TimeSpan Length, string? Version = null)
{
    /// <summary>When the holder took it, as the place writes it.</summary>
    public string? Since { get; init; }
}
